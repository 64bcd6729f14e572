import type { Discipline } from './company'

/** A storage account for logs and what its lifecycle policy does with them. */
export interface Archive {
  id: string
  /** Null: no policy, kept for ever. */
  deleteAfterDays: number | null
}

/** Where the settings of a generated tenant send to. */
export interface DestinationBook {
  centralWorkspace: string
  /** Central place of a second region; the first again in a small tenant. */
  secondWorkspace: string
  archives: Archive[]
  /** `…/authorizationRules/RootManageSharedAccessKey`; null in a tenant too small for an event hub. */
  eventHubRule: string | null
  /** The workspace of a team, by subscription id. */
  teamWorkspaces: Map<string, string>
  /** Lead nowhere on purpose. */
  deletedWorkspace: string
  unseenWorkspace: string
  unseenStorage: string
  /** How carefully a subscription is run, by its id. */
  disciplines: Map<string, Discipline>
}
