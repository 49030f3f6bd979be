/** One thing wrong with the configuration. Holds no value of a secret, only its name. */
export interface Problem {
  /** `SLACK_BOT_TOKEN`, or `shipmate.yaml:12:5`. */
  readonly where: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly fix?: string;
}

/** Every problem of the configuration at once. `main.ts` prints the message and exits 78 (EX_CONFIG of sysexits.h). */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(describe(problems));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function describe(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.map(({ where, message, fix }) => `  ${where}: ${message}${fix ? ` ${fix}` : ''}`);
  return [`Shipmate cannot start: ${count} with the configuration.`, ...lines].join('\n');
}
