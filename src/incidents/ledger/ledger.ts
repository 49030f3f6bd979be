import { UnavailableError } from '../../errors.ts';
import type { Incident } from '../incident.ts';
import { keyOf } from '../key.ts';
import { isToBeTold } from '../lifecycle/quiet.ts';
import type { RootState } from '../signal.ts';
import type { Quiet } from '../silences/silence.ts';
import type { Ledger, LedgerDeps } from './contract.ts';
import { Draft } from './draft.ts';
import { firstDue } from './due.ts';
import { type Court, type Docket, holdCourt, judge } from './judge.ts';
import { emptyMemory, type Memory } from './memory.ts';
import { Shelf } from './shelf.ts';

export type { Ledger, LedgerDeps, LedgerSettings } from './contract.ts';

/** After so many lost races in one round something else is wrong. */
const ROUNDS = 6;
/** `nextDue` never asks for more looks than that. */
const BREATH_MS = 100;

/** The ledger of one cluster (or '', the house's own). Nothing is read before `start`. */
export function createLedger(deps: LedgerDeps): Ledger {
  return new ClusterLedger(deps);
}

/** What the next commit will hold; those who ask for it wait together. */
interface Round {
  readonly states: Map<string, RootState>;
  standing: readonly RootState[] | undefined;
  isFull: boolean;
  now: number;
  readonly done: PromiseWithResolvers<void>;
}

class ClusterLedger implements Ledger {
  readonly #deps: LedgerDeps;
  readonly #court: Court;
  readonly #shelf: Shelf;
  #memory: Memory = emptyMemory();
  #next: Round | undefined;
  #isRunning = false;
  /** Started at least once: what is recorded is known. */
  #hasStarted = false;
  #mustReload = true;
  #quiets: readonly Quiet[] = [];
  #lastLookAt = 0;
  /** Somebody wrote something that no engine will tell us of, and that is to be judged beside the others. */
  #mustLook = false;
  /** What `nextDue` answered, as long as nothing has changed. */
  #firstDue: { readonly version: number; readonly lastLookAt: number; readonly at: number | undefined } | undefined;

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
    this.#court = holdCourt(deps.cluster, deps.settings, {
      isRebooting: deps.isRebooting ?? (() => false),
      podsOn: deps.podsOn ?? (() => undefined),
      isBlindFor: deps.isBlindFor ?? (() => false),
    });
    this.#shelf = new Shelf(
      deps.book,
      (incident) => isOurs(incident, deps),
      (after, before) => {
        this.#mustLook ||= after.kind === 'external' && concernsOthers(after, before);
      },
    );
  }

  async accept(states: readonly RootState[], now: number): Promise<void> {
    // The start that follows compares everything that stands, these among them; one that is under way knows nothing of them.
    const isStarting = this.#isRunning || this.#next !== undefined;
    if (states.length === 0 || !(this.#hasStarted || isStarting)) return;
    const round = this.#collect(now);
    for (const state of states) round.states.set(keyOf(state.cluster, state.root, state.domain), state);
    await this.#through(round);
  }

  async due(now: number): Promise<void> {
    if (!this.#hasStarted) return;
    const round = this.#collect(now);
    round.isFull = true;
    await this.#through(round);
  }

  async start(standing: readonly RootState[], now: number): Promise<void> {
    const round = this.#collect(now);
    round.standing = standing;
    round.isFull = true;
    // What was accepted before is older than what stands.
    round.states.clear();
    await this.#through(round);
  }

  nextDue(): number | undefined {
    if (!this.#hasStarted || this.#isRunning) return undefined;
    const earliest = this.#lastLookAt + BREATH_MS;
    const quiets = this.#deps.quiets();
    if (quiets !== this.#quiets || this.#mustLook) return earliest;
    const { version } = this.#shelf;
    if (this.#firstDue?.version !== version || this.#firstDue.lastLookAt !== this.#lastLookAt) {
      const at = firstDue(this.#shelf.incidents(), this.#memory, quiets, this.#lastLookAt);
      this.#firstDue = { version, lastLookAt: this.#lastLookAt, at };
    }
    const { at } = this.#firstDue;
    return at === undefined ? undefined : Math.max(at, earliest);
  }

  openAt(key: string): Incident | undefined {
    const found = this.#shelf.known.get(key)?.value;
    return found?.status === 'firing' ? found : undefined;
  }

  open(): readonly Incident[] {
    return [...this.#shelf.incidents()].filter(({ status }) => status === 'firing');
  }

  stop(): Promise<void> {
    return this.#shelf.stop();
  }

  #collect(now: number): Round {
    this.#next ??= {
      states: new Map(),
      standing: undefined,
      isFull: false,
      now,
      done: Promise.withResolvers<void>(),
    };
    this.#next.now = Math.max(this.#next.now, now);
    return this.#next;
  }

  #through(round: Round): Promise<void> {
    if (!this.#isRunning) void this.#pump();
    return round.done.promise;
  }

  async #pump(): Promise<void> {
    this.#isRunning = true;
    for (let round = this.#take(); round; round = this.#take()) {
      await this.#run(round).then(round.done.resolve, (error: unknown) => {
        this.#mustReload = true;
        round.done.reject(error);
      });
    }
    this.#isRunning = false;
  }

  #take(): Round | undefined {
    const round = this.#next;
    this.#next = undefined;
    return round;
  }

  async #run(round: Round): Promise<void> {
    this.#firstDue = undefined;
    const isTakeOver = !this.#hasStarted;
    // The start before it failed; the next one will compare.
    if (isTakeOver && round.standing === undefined) return;
    const mayBeFirst = isTakeOver && this.#deps.cluster !== '' && this.#deps.only === undefined;
    const isFirstLook = mayBeFirst && (await this.#deps.book.isFirstLook(this.#deps.cluster));
    if (this.#mustReload) await this.#reload();
    if (round.isFull) this.#mustLook = false;
    const quiets = this.#deps.quiets();
    let docket: Docket = {
      ...round,
      states: [...round.states.values()],
      isFull: round.isFull || quiets !== this.#quiets,
      isTakeOver,
      isFirstLook,
      also: new Set(),
      quiets,
    };
    for (let tries = 1; ; tries++) {
      const lost = await this.#record(docket);
      if (lost.length === 0) break;
      if (tries === ROUNDS) throw tooManyRaces(this.#deps.cluster);
      docket = again(docket, lost);
    }
    if (isFirstLook) await this.#deps.book.haveLooked(this.#deps.cluster);
    this.#hasStarted = true;
    this.#quiets = quiets;
    if (docket.isFull) this.#lastLookAt = round.now;
  }

  async #reload(): Promise<void> {
    this.#memory = emptyMemory();
    await this.#shelf.load();
    this.#mustReload = false;
  }

  /** @returns what somebody else wrote meanwhile; it was read, and is to be judged again. */
  async #record(docket: Docket): Promise<readonly Incident[]> {
    const draft = new Draft(this.#shelf.known, this.#shelf.lively(docket.now - this.#court.storm.withinMs));
    judge(draft, docket, this.#court, this.#memory);
    const entries = draft.entries();
    if (entries.length === 0) return [];
    const { written, lost } = await this.#deps.book.record(entries, this.#deps.check);
    for (const entry of written) {
      this.#shelf.note(entry.value.key, entry);
      this.#memory.recordedAt.set(entry.value.key, docket.now);
    }
    for (const { key } of lost) await this.#shelf.reread(key);
    return lost;
  }
}

/** An alert of another system that waits to be told, or whose end may be that of an umbrella. */
function concernsOthers(after: Incident, before: Incident | undefined): boolean {
  if (after.partOf !== undefined) return before?.status !== after.status;
  return after.channel === undefined && isToBeTold(after);
}

function isOurs(incident: Incident, { cluster, only }: LedgerDeps): boolean {
  const isHouses = incident.kind === 'external' || incident.kind === 'drill';
  return (isHouses ? cluster === '' : incident.cluster === cluster) && (only?.(incident) ?? true);
}

/** A moment later, so that an id that is taken is not chosen again. A lost umbrella concerns whoever was put under it. */
function again(docket: Docket, lost: readonly Incident[]): Docket {
  const also = new Set([...docket.also, ...lost.map(({ key }) => key)]);
  const isFull = docket.isFull || lost.some(({ kind }) => kind === 'storm');
  return { ...docket, also, isFull, now: docket.now + 1 };
}

function tooManyRaces(cluster: string): UnavailableError {
  return new UnavailableError(`The incidents of ${cluster} keep changing while they are being recorded.`, {
    hint: 'Everything is read and compared again.',
  });
}
