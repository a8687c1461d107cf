// `npm run bench`: builds, then measures (test/bench/main.mjs has the options).
import { installWhatIsMissing } from './install.mjs';
import { build } from './build.mjs';

installWhatIsMissing();
await build();
await import('../../test/bench/main.mjs');
