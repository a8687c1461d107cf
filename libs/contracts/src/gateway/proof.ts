// What a verifier outside the platform needs to recompute the hash chain of an exported stream (R50): part of the contract.
export { GENESIS_HASH, hashInput, type HashedEvent } from '@concord/kernel';
