// Its size isn't known.
protocol Frame {}
struct Packet: Frame {
    let buffer: ByteBuffer
    let other: ByteBuffer
}
func frames(_ buffers: [ByteBuffer]) -> [any Frame] {
    var frames: [any Frame] = []
    for buffer in buffers { frames.append(Packet(buffer: buffer, other: buffer)) }
    return frames
}
