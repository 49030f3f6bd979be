import type { CallFault } from './protocol.ts';

type Active = { readonly fault: CallFault; left: number };

/** What is broken on purpose in the Web API. */
export class Faults {
  #calls: Active[] = [];
  /** Every token is refused with this. */
  tokenError: string | undefined;
  duplicateEnvelopes = 0;
  duplicateHttp = 0;

  add(fault: CallFault): void {
    this.#calls.push({ fault, left: fault.count ?? Number.POSITIVE_INFINITY });
  }

  /** The fault that strikes this call, if any; counted down. */
  take(method: string, channel: string | undefined): CallFault | undefined {
    const active = this.#calls.find(
      ({ fault }) =>
        (fault.method === '*' || fault.method === method) && (fault.channel === undefined || fault.channel === channel),
    );
    if (active === undefined) return undefined;
    active.left -= 1;
    if (active.left <= 0) this.#calls = this.#calls.filter((other) => other !== active);
    return active.fault;
  }

  active(): readonly CallFault[] {
    return this.#calls.map(({ fault }) => fault);
  }

  remove(method: string): void {
    this.#calls = this.#calls.filter(({ fault }) => fault.method !== method);
  }

  clear(): void {
    this.#calls = [];
    this.tokenError = undefined;
    this.duplicateEnvelopes = 0;
    this.duplicateHttp = 0;
  }
}
