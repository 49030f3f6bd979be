import type { LimitsConfig } from '../../config/access.ts';
import type { Facts } from './asked.ts';

/**
 * Why a plan goes further than a rule lets it, as a sentence; undefined when it does not. A limit says something only about plans that
 * have such a fact: `max-replicas` does not stand in the way of a restart.
 */
export function exceeded(limits: LimitsConfig | undefined, facts: Facts | undefined): string | undefined {
  if (limits === undefined || facts === undefined) return undefined;
  return replicasExceeded(limits, facts.replicas) ?? imagesExceeded(limits.images, facts.images);
}

function replicasExceeded(limits: LimitsConfig, replicas: Facts['replicas']): string | undefined {
  if (replicas === undefined) return undefined;
  const { from, to } = replicas;
  const { 'max-replicas': most, 'min-replicas': least, 'max-factor': factor } = limits;
  if (most !== undefined && to > most) return `at most ${most} replicas are allowed, not ${to} (max-replicas)`;
  if (least !== undefined && to < least) return `at least ${least} replicas must stay, not ${to} (min-replicas)`;
  // From nothing, one replica counts as the start: otherwise nothing could ever be brought back.
  if (factor !== undefined && to > Math.max(from, 1) * factor)
    return `at most ×${factor} is allowed, and ${from} → ${to} is more (max-factor)`;
  return undefined;
}

function imagesExceeded(allowed: readonly string[] | undefined, images: Facts['images']): string | undefined {
  if (allowed === undefined || images === undefined) return undefined;
  const foreign = images.find((image) => !allowed.some((prefix) => isBelow(fullImage(image), fullPrefix(prefix))));
  return foreign === undefined ? undefined : `the image ${foreign} is not from ${allowed.join(' or ')} (images)`;
}

/**
 * `nginx` is `docker.io/library/nginx`: the first part is a registry only if it has a dot, a port or is localhost
 * (distribution `reference.splitDockerDomain`). Tag and digest are cut off.
 */
function fullImage(image: string): string {
  const name = (image.split('@')[0] as string).replace(/:[^/:]*$/, '');
  const [first = '', ...rest] = name.split('/');
  if (rest.length > 0 && isRegistry(first)) return name.toLowerCase();
  return rest.length > 0 ? `docker.io/${name}`.toLowerCase() : `docker.io/library/${name}`.toLowerCase();
}

function fullPrefix(prefix: string): string {
  const name = prefix.replace(/\/+$/, '').toLowerCase();
  return isRegistry(name.split('/')[0] as string) ? name : `docker.io/${name}`;
}

function isRegistry(part: string): boolean {
  return part.includes('.') || part.includes(':') || part === 'localhost';
}

/** Whole path segments only: `registry.example/shop` is not above `registry.example/shopping/x`. */
function isBelow(image: string, prefix: string): boolean {
  return image === prefix || image.startsWith(`${prefix}/`);
}
