// Documents may be dropped onto the place where they are chosen. Without this the page works as well.
"use strict";

for (const place of document.querySelectorAll(".upload")) {
  const input = place.querySelector("input");
  const hint = document.createElement("p");
  const chosen = document.createElement("p");
  hint.className = "hint";
  hint.textContent = place.dataset.hint;
  chosen.setAttribute("role", "status");
  place.append(hint, chosen);

  const tell = () => {
    const names = Array.from(input.files, (file) => file.name);
    chosen.textContent = names.length ? `${place.dataset.chosen} ${names.join(", ")}` : "";
  };
  const mark = (over) => (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    place.classList.toggle("over", over);
  };

  input.addEventListener("change", tell);
  place.addEventListener("dragover", mark(true));
  place.addEventListener("dragleave", mark(false));
  place.addEventListener("drop", (event) => {
    mark(false)(event);
    const all = new DataTransfer(); // what was chosen before stays
    for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
    input.files = all.files;
    tell();
  });
}
