import type { World } from '../world.ts';
export function startJobs(_world: World): void {}
