import { Places } from '../concurrency.ts';

/** Attempts at one endpoint under way in this process. */
const MOST_AT_ONE_ENDPOINT = 4;
/** Attempts under way in this process. */
const MOST_AT_ONCE = 200;
/** Failures in a row, seen by this process, after which an endpoint is left alone. */
const FAILURES_TO_OPEN = 5;

/**
 * What one process knows of the endpoints it sends to, and how much it does at a time. A slow endpoint holds the few
 * places it may have and no others.
 */
export class DeliveryGates {
  readonly #underWay = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  /** For attempts, at whatever endpoint. */
  readonly attempts = new Places(MOST_AT_ONCE);

  /** Takes a place at an endpoint; false when all are taken. */
  enter(endpoint: string): boolean {
    const underWay = this.#underWay.get(endpoint) ?? 0;
    if (underWay >= MOST_AT_ONE_ENDPOINT) return false;
    this.#underWay.set(endpoint, underWay + 1);
    return true;
  }

  leave(endpoint: string): void {
    const left = (this.#underWay.get(endpoint) ?? 1) - 1;
    if (left > 0) this.#underWay.set(endpoint, left);
    else this.#underWay.delete(endpoint);
  }

  /** @returns whether the endpoint has failed so often in a row that it should be left alone */
  failed(endpoint: string): boolean {
    const failures = (this.#failures.get(endpoint) ?? 0) + 1;
    this.#failures.set(endpoint, failures);
    return failures >= FAILURES_TO_OPEN;
  }

  succeeded(endpoint: string): void {
    this.#failures.delete(endpoint);
  }
}
