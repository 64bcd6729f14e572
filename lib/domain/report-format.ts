/** The formats that a report can be written in. */
export const reportFormats = ['json', 'csv'] as const
export type ReportFormat = (typeof reportFormats)[number]
