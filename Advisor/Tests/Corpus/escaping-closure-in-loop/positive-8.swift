func observers(_ views: [View]) {
    for (index, view) in views.enumerated() {
        table[view.name] = { _ in select(index) } // expect: escaping-closure-in-loop
    }
}
