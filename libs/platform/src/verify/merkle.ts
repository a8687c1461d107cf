import { hash } from 'node:crypto';

// The tree of RFC 6962: leaves are hashed behind a byte 0, inner nodes behind a byte 1, so that neither can pass for the other. A
// level with an odd number of nodes hands its last one up unchanged.

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

const leafHash = (content: string): Buffer => hash('sha256', Buffer.concat([LEAF, Buffer.from(content, 'hex')]), 'buffer');
const nodeHash = (left: Buffer, right: Buffer): Buffer => hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');

function levelAbove(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at]!, level[at + 1]];
    above.push(right ? nodeHash(left, right) : left);
  }
  return above;
}

/** Root over the leaves (hex), as hex; over none, the hash of nothing. */
export function merkleRoot(leaves: readonly string[]): string {
  if (leaves.length === 0) return hash('sha256', '');
  let level = leaves.map(leafHash);
  while (level.length > 1) level = levelAbove(level);
  return level[0]!.toString('hex');
}

/** The siblings on the way from a leaf to the root, as hex: with them anyone computes the root from the leaf alone. */
export function inclusionPath(leaves: readonly string[], index: number): string[] {
  const path: string[] = [];
  let level = leaves.map(leafHash);
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1];
    if (sibling) path.push(sibling.toString('hex'));
    level = levelAbove(level);
  }
  return path;
}

/** Whether `leaf` is at `index` of the tree of `size` leaves with this root (RFC 9162, 2.1.3.2). */
export function isIncluded(leaf: string, index: number, size: number, path: readonly string[], root: string): boolean {
  if (index >= size) return false;
  let [at, last] = [index, size - 1];
  let node = leafHash(leaf);
  for (const text of path) {
    if (last === 0) return false;
    const sibling = Buffer.from(text, 'hex');
    if (at % 2 === 1 || at === last) {
      node = nodeHash(sibling, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [at >> 1, last >> 1];
    } else node = nodeHash(node, sibling);
    [at, last] = [at >> 1, last >> 1];
  }
  return last === 0 && node.toString('hex') === root;
}
