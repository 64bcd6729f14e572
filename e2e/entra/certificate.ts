import { generate } from 'selfsigned'

/** A certificate for loopback that is its own authority, made anew each time; PEM. */
export interface LoopbackCertificate {
  key: string
  cert: string
}

export async function loopbackCertificate(): Promise<LoopbackCertificate> {
  const made = await generate([{ name: 'commonName', value: 'Keypoint test authority' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }] },
    ],
  })
  return { key: made.private, cert: made.cert }
}
