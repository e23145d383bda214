func drain(_ stack: Stack) {
    while let frame = stack.pop() {
        let next = frame.next
        stack.push { resume(next) } // expect: escaping-closure-in-loop
    }
}
