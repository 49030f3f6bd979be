import { parseArgs } from 'node:util';

export interface SandboxOptions {
  /** A cluster of yours instead of the practice cluster. */
  readonly kubeconfig: string | undefined;
  /** Builds and starts the real control plane. */
  readonly real: boolean;
  /** The page's port; 0 for a free one. */
  readonly port: number;
}

/** @throws Error with a sentence for the person who typed it. */
export function sandboxOptions(args: readonly string[]): SandboxOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kubeconfig: { type: 'string' },
      real: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
    },
  });
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535)
    throw new Error(`--port ${values.port}: a port is a number from 0 to 65535.`);
  if (values.real && values.kubeconfig)
    throw new Error('--real and --kubeconfig exclude each other: one starts a cluster, the other uses yours.');
  return { kubeconfig: values.kubeconfig, real: values.real, port };
}
