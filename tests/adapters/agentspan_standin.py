"""A stand-in for an Agentspan server, written after its public sources: what it does with
executions, their HUMAN tasks and results of tasks. It has no model: an agent in here asks for one
approval after another and pays after each.

    python agentspan_standin.py FOLDER [PORT [TOKEN]]

Keeps its executions in FOLDER and writes its port there. `POST /api/standin/end` ends it.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

TERMINAL = ("COMPLETED", "FAILED", "FAILED_WITH_TERMINAL_ERROR", "CANCELED", "TIMED_OUT")
Json = dict[str, Any]


class Executions:
    """What the server remembers, also when it is started again."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "executions.json"
        self._lock = threading.RLock()
        self._all: dict[str, Json] = {}
        if self._file.exists():
            self._all = json.loads(self._file.read_text())

    def start(self, asked: Json) -> Json:
        """`calls` are what the agent would do each time it asks; `gates` how often."""
        with self._lock:
            one = {
                "workflowId": asked.get("id") or str(uuid.uuid4()),
                "workflowName": asked["name"],
                "workflowVersion": 3,
                "status": "RUNNING",
                "createTime": _now(),
                "input": {"prompt": asked.get("prompt", "")},
                "tasks": [],
                "standin": {"gates": 1, "slow": 0.0, "paid": [], "no": [], **asked},
            }
            self._all[one["workflowId"]] = one
            self._ask(one)
            return {"executionId": one["workflowId"]}

    def search(self, query: dict[str, list[str]]) -> Json:
        name, status = query["agentName"][0], query["status"][0]
        start, size = int(query["start"][0]), int(query["size"][0])
        with self._lock:
            found = [
                {"executionId": key, "agentName": name, "version": 3, "status": status}
                for key, one in self._all.items()
                if (one["workflowName"], one["status"]) == (name, status)
            ]
        return {"totalHits": len(found), "results": found[start : start + size]}

    def get(self, id: str) -> Json | None:
        with self._lock:
            found = self._all.get(id)
            return json.loads(json.dumps(found)) if found else None

    def status(self, id: str) -> Json | None:
        one = self.get(id)
        if one is None:
            return None
        waiting = [task for task in one["tasks"] if _waits(task)]
        said = {"executionId": id, "status": one["status"], "isComplete": _over(one)}
        pending = {"taskRefName": waiting[0]["referenceTaskName"]} if waiting else None
        return {**said, "isRunning": not _over(one), "isWaiting": bool(waiting)} | (
            {"pendingTool": pending} if pending else {}
        )

    def update(self, result: Json) -> None:
        """A result for a task that has ended, or of an execution that has, changes nothing."""
        with self._lock:
            one = self._all[result["workflowInstanceId"]]
            (task,) = (task for task in one["tasks"] if task["taskId"] == result["taskId"])
            if task["status"] in TERMINAL or _over(one):
                return
            task["status"], task["endTime"] = result["status"], _now()
            task["outputData"] = result.get("outputData") or {}
            task["workerId"] = result.get("workerId")
            self._keep()
            self._go_on(one, task)

    def respond(self, id: str, output: Json) -> None:
        """The first HUMAN task that waits, whichever it is."""
        with self._lock:
            task = next(task for task in self._all[id]["tasks"] if _waits(task))
            result = {"workflowInstanceId": id, "taskId": task["taskId"], "status": "COMPLETED"}
            self.update({**result, "outputData": output})

    def cancel(self, id: str) -> None:
        with self._lock:
            self._all[id]["status"] = "TERMINATED"
            for task in self._all[id]["tasks"]:
                task["status"] = "CANCELED" if _waits(task) else task["status"]
            self._keep()

    def _go_on(self, one: Json, task: Json) -> None:
        """Runs the tools, or ends: a refusal terminates the execution as completed."""
        agent, key = one["standin"], (task["workerId"] or "").removeprefix("overread:")
        if task["outputData"].get("approved") is not True:
            agent["no"].append([key, task["outputData"].get("reason", "")])
            one["status"] = "COMPLETED"
        else:
            time.sleep(agent["slow"])
            agent["paid"].append(key)
            if len(agent["paid"]) < agent["gates"]:
                self._ask(one)
            else:
                one["status"] = "COMPLETED"
        self._keep()

    def _ask(self, one: Json) -> None:
        agent = one["standin"]
        task = {
            "taskId": str(uuid.uuid4()),
            "taskType": "HUMAN",
            "referenceTaskName": f"{agent['name']}_approval_human__{len(one['tasks']) + 1}",
            "workflowInstanceId": one["workflowId"],
            "status": "IN_PROGRESS",
            "scheduledTime": _now(),
            "inputData": agent.get("waits_for") or {"tool_calls": agent.get("calls")},
            "outputData": {},
        }
        if "inside" in agent:
            task |= {"taskType": "SUB_WORKFLOW", "subWorkflowId": agent["inside"]}
        if agent.get("unreadable"):
            del task["taskType"]
        one["tasks"].append(task)
        self._keep()

    def _keep(self) -> None:
        written = self._file.with_suffix(".new")
        written.write_text(json.dumps(self._all))
        written.replace(self._file)


class Api(BaseHTTPRequestHandler):
    executions: Executions
    token = ""
    """Who does not bring it is let in nowhere; empty where everybody is."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/api/agent/executions":
            self._answer(lambda: self.executions.search(parse_qs(url.query)))
        elif found := re.fullmatch(r"/api/agent/([^/]+)/status", url.path):
            self._answer(lambda: self.executions.status(found[1]))
        elif found := re.fullmatch(r"/api/workflow/([^/]+)", url.path):
            self._answer(lambda: self.executions.get(found[1]))
        else:
            self._answer(lambda: None)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        path = urlsplit(self.path).path
        if path == "/api/agent/start":
            self._answer(lambda: self.executions.start(body))
        elif path == "/api/tasks":
            self._answer(lambda: self.executions.update(body) or body["taskId"])
        elif found := re.fullmatch(r"/api/agent/([^/]+)/respond", path):
            self._answer(lambda: self.executions.respond(found[1], body) or {})
        elif found := re.fullmatch(r"/api/agent/([^/]+)/cancel", path):
            self._answer(lambda: self.executions.cancel(found[1]) or {})
        elif path == "/api/standin/end":
            self._answer(dict)
            threading.Thread(target=self.server.shutdown).start()
        else:
            self._answer(lambda: None)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def _answer(self, made: Callable[[], object]) -> None:
        allowed = self.headers.get("X-Authorization", "") == self.token
        said = made() if allowed else None
        body = json.dumps(said).encode()
        self.send_response(403 if not allowed else 404 if said is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _now() -> int:
    return time.time_ns() // 1_000_000


def _over(one: Json) -> bool:
    return bool(one["status"] != "RUNNING")


def _waits(task: Json) -> bool:
    return bool(task["status"] == "IN_PROGRESS")


def main(folder: str, port: str = "0", token: str = "") -> None:
    Api.executions, Api.token = Executions(Path(folder)), token
    with ThreadingHTTPServer(("127.0.0.1", int(port)), Api) as server:
        written = Path(folder, "port.new")
        written.write_text(str(server.server_port))
        written.replace(Path(folder, "port"))
        server.serve_forever(poll_interval=0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
