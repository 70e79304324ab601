export { FileCell as ImageCell } from '../file/cell.tsx'
