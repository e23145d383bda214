final class Channels {
    let lock = NIOLock()
    var open: [Int: Channel] = [:] // expect: locked-dictionary

    func channelRead(_ id: Int) -> Channel? { lock.withLock { open[id] } }
    func add(_ channel: Channel) { lock.withLock { open[channel.id] = channel } }
    func remove(_ id: Int) { lock.withLock { open[id] = nil } }
}
