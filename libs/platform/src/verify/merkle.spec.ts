import fc from 'fast-check';
import { hash } from 'node:crypto';
import { inclusionPath, isIncluded, merkleRoot } from './merkle.js';

const leaf = (n: number): string => hash('sha256', `leaf ${n}`);
const leavesOf = (size: number): string[] => Array.from({ length: size }, (_, n) => leaf(n));

/** The definition in RFC 6962, 2.1, word for word. */
function definition(leaves: readonly string[]): Buffer {
  if (leaves.length === 1) return hash('sha256', Buffer.concat([Buffer.from([0]), Buffer.from(leaves[0]!, 'hex')]), 'buffer');
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const halves = [definition(leaves.slice(0, split)), definition(leaves.slice(split))];
  return hash('sha256', Buffer.concat([Buffer.from([1]), ...halves]), 'buffer');
}

describe('the Merkle tree', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 13, 64, 100])('has the root of RFC 6962 over %i leaves', (size) => {
    expect(merkleRoot(leavesOf(size))).toBe(definition(leavesOf(size)).toString('hex'));
  });

  it('proves every leaf, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, chosen, other) => {
        const leaves = leavesOf(size);
        const root = merkleRoot(leaves);
        const index = chosen % size;
        const path = inclusionPath(leaves, index);
        expect(isIncluded(leaf(index), index, size, path, root)).toBe(true);
        expect(isIncluded(leaf(size), index, size, path, root)).toBe(false);
        expect(isIncluded(leaf(index), index, size, [...path, root], root)).toBe(false);
        if (other % size !== index) expect(isIncluded(leaf(index), other % size, size, path, root)).toBe(false);
        if (path.length > 0) expect(isIncluded(leaf(index), index, size, path.slice(1), root)).toBe(false);
      }),
    );
  });
});
