import type { World } from '../world.ts';
export function startDaemonSets(_world: World): void {}
