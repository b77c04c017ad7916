/** Natural logarithm of the probability of `least` or more successes in `trials`, each with probability `chance`. */
export function logBinomialTail(trials: number, chance: number, least: number): number {
  if (least <= 0) return 0;
  if (least > trials) return Number.NEGATIVE_INFINITY;
  let term = least * Math.log(chance) + (trials - least) * Math.log1p(-chance);
  for (let k = 1; k <= least; k += 1) term += Math.log((trials - least + k) / k);
  // Each further term is the one before times a ratio that soon falls below 1.
  let [total, relative] = [1, 1];
  for (let k = least + 1; k <= trials; k += 1) {
    relative *= ((trials - k + 1) / k) * (chance / (1 - chance));
    total += relative;
    if (relative < total * 1e-12) break;
  }
  return Math.min(0, term + Math.log(total));
}
