// A crowded filing is tried again after the seconds that the page was given; the button does the same at once.
const again = document.getElementById("again");
setTimeout(() => again.requestSubmit(), Number(again.dataset.seconds) * 1000);
