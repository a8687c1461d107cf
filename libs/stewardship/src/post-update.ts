import { PostUpdateInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import type { ProjectState } from './domain/project.js';
import { postUpdate } from './domain/project-course.js';
import { eitherEditor } from './policy.js';
import { projects } from './projects.js';

/** `POST /projects/{id}/post-update` */
export const postUpdateCommand = defineCommand<ProjectState, typeof PostUpdateInput>({
  name: 'postProjectUpdate',
  summary: 'Lead or steward tell everyone concerned how the project goes; changes no state.',
  on: projects,
  verb: 'post-update',
  input: PostUpdateInput,
  allows: eitherEditor,
  decide: ({ state, input }) => postUpdate(state, input),
});
