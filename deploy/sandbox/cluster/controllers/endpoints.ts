import type { World } from '../world.ts';
export function startEndpoints(_world: World): void {}
