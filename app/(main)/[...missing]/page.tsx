import { notFound } from 'next/navigation'

/** Any other address: not found, inside the frame. */
export default function MissingPage(): never {
  notFound()
}
