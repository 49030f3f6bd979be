/** Measured times of one run, milliseconds. */
export interface Figures {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface Result {
  readonly what: string;
  readonly baseline: Figures;
  readonly shipmate: Figures;
  /** The promise, in words. */
  readonly target: string;
  readonly notes?: string;
}

export function figuresOf(samples: readonly number[]): Figures {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { count: sorted.length, p50: round(at(0.5)), p99: round(at(0.99)), max: round(sorted.at(-1) ?? Number.NaN) };
}

/** Times `work` again and again. */
export async function timed(rounds: number, work: (round: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await work(round);
    samples.push(performance.now() - startedAt);
  }
  return samples;
}

/** The results as a table for people. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ what, baseline, shipmate, target }) => [
    what,
    `${baseline.p50} / ${baseline.p99}`,
    `${shipmate.p50} / ${shipmate.p99}`,
    `${round(shipmate.p50 / baseline.p50)}x / ${round(shipmate.p99 / baseline.p99)}x`,
    String(shipmate.max),
    target,
  ]);
  const all = [['what (ms, p50 / p99)', 'baseline', 'shipmate', 'ratio', 'max', 'target'], ...rows];
  const widths = (all[0] as string[]).map((_, column) => Math.max(...all.map((row) => (row[column] as string).length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
