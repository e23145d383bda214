final class Plain {
    var head = 0
    var tail = 0

    func push() { tail += 1 }
    func pop() { head += 1 }
}
