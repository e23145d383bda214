// Nothing of the loop is captured.
func reset(_ count: Int) {
    for _ in 0..<count {
        for _ in 0..<count {
            actions.append { clear() }
        }
    }
}
