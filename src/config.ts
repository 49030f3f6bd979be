/**
 * What Shipmate is told at start: the environment and `shipmate.yaml`, validated once and frozen.
 *
 * The two zod schemas are the single source: the parser, `.env.example`, `docs/configuration.md` and every error text come from them.
 * Only `main.ts` reads `process.env`; everybody else receives a `Config`.
 */

export { type CheckedFile, checkFile } from './config/check-file.ts';
export { type EnvConfig, envSchema, ROLES, type Role } from './config/env.ts';
export type { Environment } from './config/environment.ts';
export {
  type ClusterConfig,
  clusterSchema,
  type EtcdClusterConfig,
  etcdClusterSchema,
  type FileConfig,
  fileSchema,
} from './config/file.ts';
export { type Config, loadConfig } from './config/load.ts';
export { ConfigError, type Problem } from './config/problem.ts';
export type { ReadFile } from './config/read-file.ts';
