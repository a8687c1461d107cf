// How fast the whole platform is there, and what it takes when nobody does anything: the app with its embedded database.
import { readdirSync, readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from './world.mjs';

/** Proportional memory in MB of one process (shared pages counted once). */
export const mbOf = (pid) => Number(/^Pss:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;

/** Proportional memory in MB of a process and everything below it. */
function treeMb(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
    }
  }
  const below = (ancestor) =>
    [...parents].filter(([, parent]) => parent === ancestor).flatMap(([child]) => [child, ...below(child)]);
  return [pid, ...below(pid)].reduce((sum, each) => sum + mbOf(each), 0);
}

/** Medians over some starts: milliseconds of the first start and of later ones until ready, idle megabytes after ten seconds. */
export async function idleMemory(rounds, note) {
  const figures = { firstMs: [], warmMs: [], idleMb: [] };
  for (let round = 0; round < rounds; round += 1) {
    const dataDir = mkdtempSync(join(tmpdir(), 'concord-idle-'));
    const first = await startApp(undefined, dataDir);
    figures.firstMs.push(first.readyMs);
    await first.stop();
    const warm = await startApp(undefined, dataDir);
    figures.warmMs.push(warm.readyMs);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    figures.idleMb.push(treeMb(warm.pid));
    await warm.stop();
    rmSync(dataDir, { recursive: true, force: true });
    note(
      `start ${JSON.stringify(Object.fromEntries(Object.entries(figures).map(([name, values]) => [name, Math.round(values.at(-1))])))}`,
    );
  }
  const median = (values) => Math.round([...values].sort((a, b) => a - b)[values.length >> 1]);
  return {
    firstMs: median(figures.firstMs),
    warmMs: median(figures.warmMs),
    idleMb: median(figures.idleMb),
    goal: 'warm <= 6000 ms, idle <= 450 MB',
  };
}
