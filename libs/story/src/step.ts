import type { ActorKey } from './cast.js';
import type { Stage } from './stage.js';

/** A request that was sent, and what came back. */
export interface Call {
  readonly who: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly status: number;
  /** Code of the refusal that the story expects here. */
  readonly refused?: string;
}

/** A figure of the story and what was found in its place; they are equal, else the story fails. */
export interface Check {
  readonly what: string;
  readonly value: unknown;
}

/** One step of the story, as data. Steps of one day follow each other; days only grow. */
export interface Step {
  /** Day of the story; day 0 is the publication of the need. */
  readonly day: number;
  readonly title: string;
  /** Who acts, or acts first. */
  readonly actor: ActorKey;
  play(stage: Stage): Promise<void>;
}

/** A step that begins. */
export interface BegunStep {
  /** From 1. */
  readonly number: number;
  readonly total: number;
  readonly day: number;
  readonly title: string;
  /** Name of the organisation or registrar that acts. */
  readonly actor: string;
}

/** A step that was played. */
export interface PlayedStep extends BegunStep {
  readonly calls: readonly Call[];
  readonly checks: readonly Check[];
}

/** A row of the table at the end. */
export interface TableRow {
  readonly what: string;
  readonly value: string;
}

/** What was found is not what the story says. `step` is its number and title. */
export class StoryFailed extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoryFailed';
  }
}
