final class Selection {
    var marked: Set<Int> = [] {
        didSet { // expect: copy-on-write-copy
            notify(added: marked.subtracting(oldValue))
        }
    }

    func mark(_ id: Int) {
        marked.insert(id)
    }
}
