"""What interrupts the usual course: a stop, a breaker that trips, a lead who breaks the glass."""
