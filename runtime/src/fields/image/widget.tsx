export { FileWidget as ImageWidget } from '../file/widget.tsx'
