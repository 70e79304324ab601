import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

// Everything that is not the public internet: loopback, private and carrier networks, link-local (where clouds keep
// their credentials), documentation, multicast, and what embeds such addresses in IPv6.

const closed = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  closed.addSubnet(net, bits, 'ipv4')
const openV6 = new BlockList()
openV6.addSubnet('2000::', 3, 'ipv6')
const closedV6 = new BlockList()
for (const [net, bits] of [
  // Teredo, ORCHID and benchmarking; documentation; 6to4, which carries an IPv4 address; local NAT64.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  closedV6.addSubnet(net, bits, 'ipv6')

/** Whether an address, given as digits, belongs to the public internet. */
export function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !closed.check(address, 'ipv4')
    case 6: {
      return openV6.check(address, 'ipv6') && !closedV6.check(address, 'ipv6')
    }
    default:
      return false
  }
}

export class AddressRefused extends Error {
  override name = 'AddressRefused'
}

/**
 * Looks a name up for a connection that is about to be made, and refuses unless all it leads to is public: what was
 * looked at is what is connected to, so a name can't be changed in between. `allowed`: names that the operator has
 * opened, as `host:port`.
 */
export function publicLookup(host: string, port: number, allowed: readonly string[]): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      const isOpen = allowed.includes(`${host}:${port}`)
      const refused =
        error ?? (isOpen || found.every(({ address }) => isPublic(address)) ? null : refuse(name))
      const [first] = refused ? [] : found
      if (refused || first === undefined) done(refused ?? refuse(name), '', 4)
      else if (options.all === true) done(null, found)
      else done(null, first.address, first.family)
    })
  }
}

function refuse(name: string): AddressRefused {
  return new AddressRefused(`${name} does not lead to the public internet`)
}
