import type { World } from '../world.ts';
export function startVolumes(_world: World): void {}
