/** Failures in a row that a burst or a buffer survives: one dead worker is an accident, two are a reason to end. */
export const FAILURES_ALLOWED = 1;
