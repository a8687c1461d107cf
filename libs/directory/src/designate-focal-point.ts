import { FocalPointDesignation } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { designateFocalPoint } from './domain/verification.js';
import { organisations } from './organisations.js';
import { registrar } from './policy.js';

/** `POST /organisations/{id}/designate-focal-point` */
export const designateAFocalPoint = defineCommand({
  name: 'designateFocalPoint',
  summary: 'Name the countries in whose name a verified organisation endorses needs; replaces the earlier list, none ends it',
  on: organisations,
  verb: 'designate-focal-point',
  input: FocalPointDesignation,
  allows: registrar,
  decide: ({ state, input }) => designateFocalPoint(state, input.countries),
});
