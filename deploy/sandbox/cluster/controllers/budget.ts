import type { World } from '../world.ts';
export function startBudgets(_world: World): void {}
