// Does other work too.
actor Mailbox {
    private var open: [Int: Letter] = [:]

    func letter(_ id: Int) -> Letter? { open[id] }
    func put(_ letter: Letter) { open[letter.id] = letter }
    func print() { printer.run() }
}
