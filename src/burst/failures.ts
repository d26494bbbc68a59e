/** Failures, one after the other, before whoever takes frames gives up: one dead worker is an accident, two are a reason. */
export const FAILURES_ALLOWED = 1;
