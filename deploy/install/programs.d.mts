export interface SystemProgram {
  readonly program: string;
  readonly debian: string;
  readonly homebrew: string;
  readonly why: string;
}
export const REDIS: SystemProgram;
export const ETCD: SystemProgram;
export const ETCDCTL: SystemProgram;
export const CHROMIUM: SystemProgram;
export function installPrograms(wanted: readonly SystemProgram[]): void;
export function lookUp(program: string): string | undefined;
export function instructions(missing: readonly SystemProgram[]): string[];
