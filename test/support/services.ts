/** The sandbox's private services, for tests; and a key prefix of one's own, so that tests can share a server. */
export { lookUp } from '../../deploy/sandbox/child.ts';
export { type EtcdService, type RedisService, startEtcd, startRedis } from '../../deploy/sandbox/services.ts';

let counter = 0;

/** A prefix nobody else in this process or another uses: `t/1234-1/`. */
export function ownPrefix(): string {
  counter += 1;
  return `t/${process.pid}-${counter}/`;
}
