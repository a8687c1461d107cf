export { loadWeb, type Web, type WebOptions } from './web.js';
export { secretFile } from './secret.js';
