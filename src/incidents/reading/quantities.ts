export { quantityOf } from '../../kubernetes/quantity.ts';

/** A share in whole per cent, rounded down so that 99.9 % is not told as "full". */
export function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}
