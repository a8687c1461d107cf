export { partnerships } from './partnerships.service.js';
