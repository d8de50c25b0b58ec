// Requests of each Controller that have gone into a mailbox and are not answered yet. What is never answered here (another
// node has done it, or nobody wants to know) is forgotten when it must be over: no request has a timer of its own.

interface Count {
  requests: number;
}

export class InFlight {
  readonly #cap: number;
  readonly #lifetimeMs: number;
  /** All live equally long, so that the first to come is the first to be over. */
  readonly #requests = new Map<string, { readonly controller: string; readonly until: number }>();
  readonly #counts = new Map<string, Count>();

  constructor(cap: number, lifetimeMs: number) {
    this.#cap = cap;
    this.#lifetimeMs = lifetimeMs;
  }

  get size(): number {
    return this.#requests.size;
  }

  /** False where the Controller has as many as it may. A repeat of one that is in flight is that one. */
  begin(controller: string, request: string, now: number): boolean {
    this.#forget(now);
    if (this.#requests.has(request)) return true;
    const count = this.#counts.get(controller) ?? { requests: 0 };
    if (count.requests >= this.#cap) return false;
    count.requests += 1;
    this.#counts.set(controller, count);
    this.#requests.set(request, { controller, until: now + this.#lifetimeMs });
    return true;
  }

  /** It is answered, or never was on its way; once is enough, more do no harm. */
  end(request: string): void {
    const found = this.#requests.get(request);
    if (found === undefined) return;
    this.#requests.delete(request);
    const count = this.#counts.get(found.controller);
    if (count === undefined) return;
    count.requests -= 1;
    if (count.requests === 0) this.#counts.delete(found.controller);
  }

  #forget(now: number): void {
    for (const [request, { until }] of this.#requests) {
      if (until > now) return;
      this.end(request);
    }
  }
}
