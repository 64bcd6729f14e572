/** Whose eyes a query looks through: one estate, and all of its subscriptions or a set of them (lower-case GUIDs). */
export interface Viewer {
  estateId: number
  subscriptions: 'all' | readonly string[]
}
