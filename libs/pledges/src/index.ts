export { pledges } from './pledges.service.js';
