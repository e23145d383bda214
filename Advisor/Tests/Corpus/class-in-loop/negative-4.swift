final class Handle {
    let descriptor: Int32
    init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }
}
func open(_ count: Int32) -> [Handle] {
    var handles: [Handle] = []
    for i in 0..<count { handles.append(Handle(i)) }
    return handles
}
