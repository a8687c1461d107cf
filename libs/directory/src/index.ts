export { directory, directoryWith, type DirectorySettings } from './directory.service.js';
